mkdir d; echo f > f; echo i > d/inner; ln -s d ld; ln -s f lf; ln -s lf chain; ln -s /d/inner abs; ln -s ../../../f d/up; ln -s lf d/in
touch -d 2000-01-01T00:00:00Z f d/inner d; touch -h -d 2000-01-01T00:00:00Z ld lf chain abs d/up d/in
